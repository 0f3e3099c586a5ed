"""The only door to MLflow: runs, registered models and their aliases."""
