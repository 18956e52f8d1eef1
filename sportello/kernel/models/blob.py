"""Which bytes are kept, whoever needs them and under whatever name?"""

from django.db import models


class Blob(models.Model):
    """The content of a file, once for the whole installation. Name, type and rights belong to those who refer to it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.size} bytes)"
