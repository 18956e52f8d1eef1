"""Does the API keep the contract that it publishes?"""
