"""One month as an Airflow graph: check, ingest, score, export; each task may be retried."""

from __future__ import annotations

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

# The month before the run, or `{"month": "2026-03"}` given when it is started by hand.
MONTH = "{{ dag_run.conf.get('month') or logical_date.subtract(months=1).strftime('%Y-%m') }}"
SOURCE = f"/srv/claims/{MONTH}"
STEPS = {
    "check": f"fraud check {SOURCE}",
    "ingest": f"fraud ingest {SOURCE}",
    "score": f"fraud score --month {MONTH}",
    "export_zh": f"fraud cases export --month {MONTH} --lang zh",
    "export_en": f"fraud cases export --month {MONTH} --lang en",
}

with DAG(
    "fraud_month",
    schedule="30 2 5 * *",
    start_date=pendulum.datetime(2026, 1, 5, tz="Asia/Shanghai"),
    catchup=False,
    # The workspace has one writer at a time.
    max_active_runs=1,
    max_active_tasks=1,
    default_args={"retries": 2, "retry_delay": pendulum.duration(minutes=30)},
) as dag:
    before = None
    for name, command in STEPS.items():
        task = BashOperator(
            task_id=name,
            bash_command=command,
            append_env=True,
            env={"FRAUD_WORKSPACE": "/var/lib/fraud/workspace"},
        )
        if before is not None:
            before >> task
        before = task
