"""What does it cost to look at a password? Enough for who guesses, and never more than the machine has to spare.

OWASP's Password Storage Cheat Sheet asks of Argon2id for at least 19 MiB and two rounds; this is one round more. An old
hash opens as before and is made anew when it does (Django's `must_update`). Sixteen threads would look at sixteen at
once: here two do, and the others wait for some hundredths of a second.
"""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = 2
_turns = BoundedSemaphore(AT_ONCE)


class Hasher(Argon2PasswordHasher):
    time_cost = 3
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turns:
            encoded: str = super().encode(password, salt)
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        with _turns:
            return bool(super().verify(password, encoded))
