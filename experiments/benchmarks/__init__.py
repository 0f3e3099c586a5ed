"""Measurements of time, runnable one by one."""
