"""`sportello doctor`: what is wrong with this installation, and how is it mended?"""

import sys
from typing import Any

from sportello.config.health import findings
from sportello.kernel.commands import OwnCommand


class Command(OwnCommand):
    help = "Say what is wrong and how to mend it. Ends with 1 when something is."

    def handle(self, *args: Any, **options: Any) -> None:
        found = findings()
        for finding in found:
            self.stdout.write(f"{'ok ' if finding.ok else '!! '} {finding.name}: {finding.text}")
            if finding.mend:
                self.stdout.write(f"      {finding.mend}")
        wrong = sum(not finding.ok for finding in found)
        self.stdout.write("All is well." if not wrong else f"{wrong} to look at.")
        if wrong:
            sys.exit(1)
