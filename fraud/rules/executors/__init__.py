"""The few shapes of rule: each turns declarations into SQL that returns hits."""
