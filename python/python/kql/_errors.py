"""The exception of the package."""


class KqlError(Exception):
    """A query, a file or a limit failed.

    ``code`` is the stable code (``KQL0201``), ``message`` what is wrong, ``line`` and ``column`` where (from 1, or None),
    ``help`` what may help, and ``text`` all of it with the line of the query and a caret, as the command line prints it.
    """

    def __init__(self, code, message, line=None, column=None, text=None, help=None):
        super().__init__(text or message)
        self.code = code
        self.message = message
        self.line = line
        self.column = column
        self.text = text or message
        self.help = help

    def __reduce__(self):
        return (KqlError, (self.code, self.message, self.line, self.column, self.text, self.help))
