"""Commands that need experiments; `fraud.cli.table` names them by place."""
