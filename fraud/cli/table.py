"""Every command, its place in the code and one line of help."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One command: `words` as typed after `fraud`, and `module:function` that does it."""

    words: str
    place: str
    help: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "demo", "experiments.cli.demo:demo", "Invent a city, run every job on it, print what was found and missed."
    ),
    Command(
        "synth", "experiments.cli.synth:synth", "Write an invented claims source with planted schemes, and its truth."
    ),
    Command("check", "fraud.cli.check:check", "Report how a source meets the contract; write nothing."),
    Command("ingest", "fraud.cli.ingest:ingest", "Bring a source into the store; quarantine bad rows."),
    Command("store", "fraud.cli.store:store", "Show months, tables, rows, quarantined rows and size."),
    Command("features", "fraud.cli.features:features", "Show the feature catalogue."),
    Command("rules list", "fraud.cli.rule_catalogue:rules_list", "Show the rule catalogue."),
    Command("rules run", "fraud.cli.rules:rules_run", "Run the rules on a month and show the findings."),
    Command(
        "rules backtest", "fraud.cli.backtest:rules_backtest", "Show what one rule would have found, month by month."
    ),
    Command("rules propose", "fraud.cli.proposals:rules_propose", "Make rules of rows, with proof; not in force."),
    Command("rules accept", "fraud.cli.proposals:rules_accept", "Put a proposed rule in force; recorded."),
    Command("rules snooze", "fraud.cli.set_aside:rules_snooze", "Set findings of a rule aside until a day; told."),
    Command("rules unsnooze", "fraud.cli.set_aside:rules_unsnooze", "End a set-aside before its day."),
    Command("rules points", "fraud.cli.points:rules_points", "Suggest practitioners' points from a year's findings."),
    Command(
        "references import", "fraud.cli.references:references_import", "Turn published references into the store's."
    ),
    Command("rings find", "fraud.cli.rings:rings_find", "Find providers that share more patients than chance."),
    Command("score", "fraud.cli.score:score", "Score a month: profiles, findings, rings, scores, explanations."),
    Command("cases export", "fraud.cli.cases:cases_export", "Write review packs for investigators."),
    Command("cases verify", "fraud.cli.cases:cases_verify", "Recompute a pack's hashes and totals."),
    Command("feedback import", "fraud.cli.feedback:feedback_import", "Turn returned dispositions into labels."),
    Command("train", "experiments.cli.train:train", "Train one tracked model, registered as challenger."),
    Command("retrain", "experiments.cli.train:retrain", "Train, compare with the champion, promote or refuse."),
    Command("evaluate", "experiments.cli.evaluate:evaluate", "Metrics of a scored month at the review budget."),
    Command("compare", "experiments.cli.evaluate:compare", "Compare two model versions: leads gained and lost."),
    Command("promote", "fraud.cli.champion:promote", "Make a model version the champion; recorded."),
    Command("rollback", "fraud.cli.champion:rollback", "Go back to the champion before; recorded."),
    Command("erase", "fraud.cli.erase:erase", "Erase a person on request, from everything; recorded."),
    Command("expire", "fraud.cli.erase:expire", "Delete quarantine, packs and versions older than so many days."),
    Command("doctor", "fraud.cli.doctor:doctor", "Say what is wrong with the workspace, and what to do."),
    Command("ui", "fraud.cli.ui:ui", "Open MLflow's own page on the workspace."),
)
GROUPS = {
    "rules": "The rules: list, run, backtest, propose, accept, set aside, points.",
    "references": "Published references.",
    "rings": "Collusion rings.",
    "cases": "Review packs for investigators.",
    "feedback": "What investigations found.",
}
