"""Seeds of invented cities that nobody has looked at while building rules, features or models.

Only the study that publishes figures (`experiments.studies.detection_power`) may use them; a test searches the
repository for any other use. A seed that was looked at in order to improve anything has to be replaced.
"""

HELD_OUT_SEEDS: tuple[int, ...] = (904_781, 918_949, 929_501, 943_837, 959_473, 981_289)
