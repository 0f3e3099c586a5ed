"""Did the model learn something true, and may it replace the one in use?"""
