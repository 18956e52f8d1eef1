"""What does the program do by itself, and when? Every recurring job, one line each."""

from sportello.account.jobs import prune_sign_ins
from sportello.channels.email.jobs import fetch_all
from sportello.kernel.files import remove_unfinished_files
from sportello.kernel.jobs.pruning import prune_finished_jobs
from sportello.kernel.limits import prune_limits
from sportello.kernel.live.pruning import prune_signals
from sportello.kernel.schedule import Recurring
from sportello.tickets.jobs import close_finished_tickets, prune_presence, prune_submissions

RECURRING = [
    Recurring("fetch mail", "* * * * *", fetch_all),
    Recurring("close finished tickets", "23 2 * * *", close_finished_tickets),
    Recurring("prune presence", "*/10 * * * *", prune_presence),
    Recurring("prune finished jobs", "17 3 * * *", prune_finished_jobs),
    Recurring("prune sign-ins", "29 3 * * *", prune_sign_ins),
    Recurring("prune submissions", "37 3 * * *", prune_submissions),
    Recurring("prune limits", "41 * * * *", prune_limits),
    Recurring("prune signals", "*/10 * * * *", prune_signals),
    Recurring("remove unfinished files", "47 3 * * *", remove_unfinished_files),
]
