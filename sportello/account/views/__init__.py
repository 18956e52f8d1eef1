"""The pages of `account`, by what a person comes for."""
