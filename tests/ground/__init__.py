"""What every test stands on is tested itself."""
