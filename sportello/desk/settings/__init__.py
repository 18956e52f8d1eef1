"""The settings of the installation, people, and the mail that needs somebody."""
