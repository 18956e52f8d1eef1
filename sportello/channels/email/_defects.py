"""What do people read about a mail that is not as it should be? Sentences without parameters, ready to translate."""


def gettext_noop(text: str) -> str:
    """Marks a sentence for the translation catalogue; whoever shows it translates it."""
    return text


CUT_RAW = gettext_noop("The mail is very large; only its beginning was read.")
CUT_HEADERS = gettext_noop("The mail has more headers than are read; the rest was left out.")
CUT_PARTS = gettext_noop("The mail has more parts than are read; the rest was left out.")
CUT_DEPTH = gettext_noop("The mail is nested too deeply; its innermost parts were left as a file.")
CUT_ADDRESSES = gettext_noop("The mail names more addresses than are kept; the rest was left out.")
CUT_TEXT = gettext_noop("The text is very long; only its beginning is kept here.")
BAD_HEADERS = gettext_noop("Some header lines are broken and were skipped.")
NO_BOUNDARY = gettext_noop("The parts of the mail are not marked as they should be; they were guessed.")
NO_PARTS = gettext_noop("The mail says it has parts but none were found; its body is shown as text.")
BAD_ENCODING = gettext_noop("A part was not encoded as it says; it was read as far as possible.")
BAD_CHARSET = gettext_noop("The characters were not in the character set that the mail names; the set was guessed.")
TWO_FROMS = gettext_noop("The mail has more than one From line; the first is shown. It may be forged.")
TWO_SUBJECTS = gettext_noop("The mail has more than one Subject line; the first is shown. It may be forged.")
TWO_SENDERS = gettext_noop("The From line names more than one address; the first is used.")
BAD_SENDER = gettext_noop("The sender's address is not a valid one.")
OTHER_SENDER = gettext_noop("The mail has no usable From address; the sender was taken from another header.")
NO_SENDER = gettext_noop("The mail does not say who sent it.")
NAME_POSES = gettext_noop("The sender's name shows another address than the one the mail came from.")
BAD_DATE = gettext_noop("The date of the mail cannot be right; the time of arrival counts.")
BAD_MESSAGE_ID = gettext_noop("The Message-ID of the mail cannot be used.")
ENCRYPTED = gettext_noop("The mail is encrypted; its content is in the attachment.")
BAD_TNEF = gettext_noop("The attachment winmail.dat is damaged and was kept as a file.")
UNSURE_SENDER = frozenset({TWO_FROMS, TWO_SENDERS, BAD_SENDER, OTHER_SENDER, NO_SENDER})  # such a mail joins no ticket
LEFT_OUT = frozenset({CUT_RAW, CUT_PARTS, CUT_TEXT})

EMPTY = gettext_noop("The mail is empty.")
TOO_SLOW = gettext_noop("The mail took too long to read.")
TOO_MUCH_MEMORY = gettext_noop("The mail needs too much memory to read.")
READER_STOPPED = gettext_noop("Reading this mail stopped the program that reads.")
NOT_READ = gettext_noop("The mail could not be read.")
