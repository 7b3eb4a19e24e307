"""``%%kql`` in Jupyter: the result is shown, and drawn where the query ends in ``render``."""

import shlex
import sys

from IPython.core.magic import Magics, line_cell_magic, magics_class

from . import Connection, KqlError, connect


@magics_class
class KqlMagics(Magics):
    """``%kql --data PATH`` opens data, ``%kql QUERY`` and ``%%kql [NAME <<]`` run a query."""

    connection = None

    @line_cell_magic
    def kql(self, line="", cell=None):
        """``%kql --data PATH [--functions PATH] [--watchlists DIR] [--external URL=PATH] [--now TIME]`` opens data,
        ``%kql db`` takes a connection of the notebook, ``%kql QUERY`` runs a line.

        ``%%kql`` runs the cell, ``%%kql NAME <<`` also keeps the result as NAME; names of the notebook that the query
        declares with ``declare query_parameters`` are their values.
        """
        line = line.strip()
        if cell is None:
            if line.startswith("--"):
                return self._open(line)
            if line.isidentifier() and isinstance(self.shell.user_ns.get(line), Connection):
                self.connection = self.shell.user_ns[line]
                return None
            return self._run(line)
        keep = None
        if line.endswith("<<"):
            keep = line[:-2].strip()
            if not keep.isidentifier():
                print(f"kql: `{keep}` is no name for a result: %%kql NAME <<", file=sys.stderr)
                return None
        elif line:
            print("kql: a cell takes `%%kql` or `%%kql NAME <<`; `%kql --data PATH` opens data", file=sys.stderr)
            return None
        result = self._run(cell)
        if keep is not None and result is not None:
            self.shell.user_ns[keep] = result
        return result

    def _open(self, line):
        lists = {"data": [], "functions": [], "watchlists": [], "external": []}
        single = {"now": None, "timespan": None}
        words = shlex.split(line)
        while words:
            name = words.pop(0)[2:]
            if name not in lists and name not in single or not words:
                print(f"kql: `--{name}` is not known, or its value is missing", file=sys.stderr)
                return None
            value = words.pop(0)
            if name in lists:
                lists[name].append(value)
            else:
                single[name] = value
        try:
            self.connection = connect(**lists, **single)
        except KqlError as e:
            print(e, file=sys.stderr)
            return None
        return self.connection

    def _run(self, text):
        if self.connection is None:
            self.connection = connect()
        # Names of the notebook are at hand as parameters; a query takes those that it declares.
        params = {}
        if "query_parameters" in text:
            known = (str, int, float, bool)
            params = {n: v for n, v in self.shell.user_ns.items() if isinstance(v, known) and not n.startswith("_")}
        try:
            result = self.connection.query(text, params)
        except KqlError as e:
            # The text has the place; a traceback would hide it.
            print(e, file=sys.stderr)
            return None
        for warning in result.warnings:
            print(warning, file=sys.stderr)
        return result


def load(ipython):
    """Adds the magic to a shell."""
    ipython.register_magics(KqlMagics)
