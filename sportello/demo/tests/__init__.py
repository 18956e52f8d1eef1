"""The demo desk: does what it shows agree with itself?"""
