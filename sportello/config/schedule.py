"""What does the program do by itself, and when? Every recurring job, one line each."""

from sportello.kernel.jobs.pruning import prune_finished_jobs
from sportello.kernel.limits import prune_limits
from sportello.kernel.schedule import Recurring

RECURRING = [
    Recurring("prune finished jobs", "17 3 * * *", prune_finished_jobs),
    Recurring("prune limits", "41 * * * *", prune_limits),
]
