"""The pages of `portal`, by what a customer comes for."""
