"""Seeds of invented cities that nobody has looked at while building rules, features or models.

Only the study that publishes figures (`experiments.studies.detection_power`) may use them; a test searches the
repository for any other use. A seed that was looked at in order to improve anything has to be replaced.
"""

HELD_OUT_SEEDS: tuple[int, ...] = (905_329, 917_453, 931_811, 948_287, 966_209, 983_771)
