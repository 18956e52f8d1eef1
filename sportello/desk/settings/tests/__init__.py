"""The settings of the desk: what is asked, what is kept, and who may."""
