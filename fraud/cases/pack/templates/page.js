"use strict";
(() => {
  const table = document.getElementById("cases");
  const body = table.tBodies[0];
  const search = document.getElementById("search");
  const kind = document.getElementById("kind");
  const shown = document.getElementById("shown");
  const rows = () => [...body.rows];
  const KIND = 3;

  document.querySelector(".tools").hidden = false;
  [...new Set(rows().map((row) => row.cells[KIND].textContent.trim()))].sort().forEach((text) => {
    kind.add(new Option(text, text));
  });

  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    let n = 0;
    rows().forEach((row) => {
      const fits = row.textContent.toLowerCase().includes(wanted) && (!kind.value || row.cells[KIND].textContent.trim() === kind.value);
      row.hidden = !fits;
      n += fits ? 1 : 0;
    });
    shown.textContent = `${n} / ${rows().length}`;
  };
  search.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());

  const number = (text) => Number(text.replace(/,/g, ""));
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      [...table.tHead.rows[0].cells].forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = (row) => row.cells[column].textContent.trim();
      const order = head.dataset.kind === "number" ? (a, b) => number(text(a)) - number(text(b)) : (a, b) => text(a).localeCompare(text(b));
      body.append(...rows().sort((a, b) => (down ? -order(a, b) : order(a, b))));
    });
  });

  const FIELDS = ["case_id", "subject_type", "subject_id", "finding_id", "decision", "decided_date", "confirmed_amount", "selection_reason", "selection_probability", "note", "supersedes_label_id", "pack_id"];
  const quoted = (value) => `"${String(value).replace(/"/g, '""')}"`;
  const decisions = () => [...document.querySelectorAll("article")].map((article) => {
    const form = article.querySelector("form.decision");
    return {
      case_id: article.dataset.case, subject_type: article.dataset.type, subject_id: article.dataset.subject, finding_id: "",
      decision: form.elements.decision.value, decided_date: form.elements.decided_date.value,
      confirmed_amount: form.elements.confirmed_amount.value, selection_reason: article.dataset.reason,
      selection_probability: article.dataset.probability, note: form.elements.note.value,
      supersedes_label_id: form.elements.supersedes_label_id.value.trim(), pack_id: document.body.dataset.pack,
    };
  }).filter((row) => row.decision);
  const asText = () => [FIELDS.join(","), ...decisions().map((row) => FIELDS.map((field) => quoted(row[field])).join(","))].join("\r\n") + "\r\n";
  document.getElementById("download").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", asText()], { type: "text/csv" }));
    link.download = `dispositions-${document.body.dataset.month}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  document.querySelectorAll("form.decision").forEach((form) => form.addEventListener("submit", (event) => event.preventDefault()));
  // Paper has no sections to open; browsers that cannot show closed ones by style open them here.
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  filter();
  document.documentElement.dataset.ready = "yes";
})();
