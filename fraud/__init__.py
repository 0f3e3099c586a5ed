"""What looks wrong, how wrong, why, and what does an investigator receive?"""
