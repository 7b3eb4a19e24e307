"""Runs published Kusto (KQL) queries unchanged, offline, on local files and data frames.

    import kql
    db = kql.connect(data="logs/")
    db.query("SigninLogs | summarize n = count() by ResultType").to_pandas()
"""

import datetime as _datetime
import os as _os
from collections import namedtuple as _namedtuple

from . import _kql
from ._errors import KqlError

__version__ = _kql.__version__
__all__ = ["Column", "Connection", "KqlError", "Result", "connect", "load_ipython_extension"]

Column = _namedtuple("Column", ["name", "type"])
Column.__doc__ = "The name and the KQL type of a column."


def connect(
    data=None,
    functions=None,
    watchlists=None,
    external=None,
    now=None,
    *,
    timespan=None,
    params=None,
    threads=None,
    memory_limit=None,
    timeout=None,
    empty_tables=False,
):
    """A connection over local data.

    ``data``: a path, a list of paths, or a dict of table name to path or table (pyarrow, pandas, polars, ...); folders and
    globs are as for ``kql --data``. ``functions``: files or folders of stored functions. ``watchlists``: folders of
    watchlists. ``external``: a dict of URL to path, or folders laid out as host/path, for ``externaldata``. ``now``: what
    ``now()`` means, as text, a datetime, or ``"data"`` for the newest time in the data. ``timespan``: the portal's time
    range (``"P1D"``). ``params``: values of ``declare query_parameters``. ``memory_limit`` in bytes, ``timeout`` in seconds.
    """
    paths, tables = [], {}
    if isinstance(data, dict):
        for name, value in data.items():
            if isinstance(value, (str, _os.PathLike)):
                paths.append(f"{name}={_os.fspath(value)}")
            else:
                tables[name] = value
    else:
        paths = _paths(data)
    session = _kql.Session(
        paths,
        _paths(functions),
        _paths(watchlists),
        [f"{url}={_os.fspath(path)}" for url, path in external.items()]
        if isinstance(external, dict)
        else _paths(external),
        now=None if now is None else _text(now),
        timespan=timespan,
        threads=threads,
        memory_limit=memory_limit,
        timeout=timeout,
        empty_tables=empty_tables,
    )
    connection = Connection(session, params)
    for name, table in tables.items():
        connection.register(name, table)
    return connection


class Connection:
    """What queries see. Made by :func:`connect`."""

    def __init__(self, session, params=None):
        self._session = session
        self._params = dict(params or {})

    def query(self, text, params=None):
        """Runs a text and gives its last result; all of them are in ``.results``. Ctrl-C cancels."""
        given = {**self._params, **(params or {})}
        rows, warnings = self._session.query(text, {name: _text(value) for name, value in given.items()})
        results = tuple(Result(r) for r in rows)
        last = results[-1]
        last.results = results
        last.warnings = warnings
        return last

    def columns(self, text):
        """The columns that a query would give; nothing runs."""
        return [Column(*c) for c in self._session.columns(text)]

    def register(self, name, table):
        """Makes a table of pyarrow, pandas, polars or another library a table of this name; notes come back."""
        if type(table).__module__.partition(".")[0] == "pandas" and hasattr(table, "to_dict"):
            import pyarrow

            # Not by pandas itself: it would give the index away as a column.
            table = pyarrow.Table.from_pandas(table, preserve_index=False)
        elif isinstance(table, Result):
            table = table._rows
        return self._session.register(name, table)

    def deregister(self, name):
        """Forgets a registered table; whether there was one."""
        return self._session.deregister(name)

    @property
    def tables(self):
        """Names of the tables with data, sorted."""
        return self._session.tables()

    def table(self, name):
        """The columns of a table; None where nothing is known of it."""
        columns = self._session.table(name)
        return None if columns is None else [Column(*c) for c in columns]

    def __repr__(self):
        tables = self.tables
        shown = ", ".join(tables[:5]) + (", ..." if len(tables) > 5 else "")
        return f"<kql.Connection: {len(tables)} tables{': ' if shown else ''}{shown}>"


class Result:
    """Rows. A datetime is in UTC; a dynamic is a value of JSON when rows are iterated, and JSON text in Arrow."""

    def __init__(self, rows):
        self._rows = rows
        self.results = (self,)
        self.warnings = []

    @property
    def name(self):
        """What the query calls the result."""
        return self._rows.name

    @property
    def schema(self):
        """The columns with their KQL types."""
        return [Column(*c) for c in self._rows.schema]

    @property
    def columns(self):
        """The names of the columns."""
        return [c.name for c in self.schema]

    @property
    def render(self):
        """The kind that ``render`` asks for and its properties; None without ``render``."""
        return self._rows.render

    def __len__(self):
        return len(self._rows)

    def __iter__(self):
        """Rows as tuples of Python's values."""
        for at in range(self._rows.batches):
            yield from self._rows.batch(at)

    def to_dicts(self):
        """Rows as dicts."""
        names = self.columns
        return [dict(zip(names, row)) for row in self]

    def __arrow_c_stream__(self, requested_schema=None):
        return self._rows.__arrow_c_stream__(requested_schema)

    def to_arrow(self):
        """A pyarrow Table over the same memory."""
        import pyarrow

        return pyarrow.RecordBatchReader.from_stream(self._rows).read_all()

    def to_pandas(self, **kwargs):
        """A pandas DataFrame; the arguments are those of pyarrow's ``to_pandas``. A guid is its text."""
        return _plain(self.to_arrow()).to_pandas(**kwargs)

    def to_polars(self):
        """A polars DataFrame. A guid is its text."""
        import polars

        return polars.from_arrow(_plain(self.to_arrow()))

    def svg(self):
        """The chart that ``render`` asks for."""
        return self._rows.svg()

    def png(self):
        """The same as the bytes of a PNG file."""
        return self._rows.png()

    def _repr_html_(self):
        return self._rows.html(50)

    def __repr__(self):
        columns = ", ".join(f"{c.name}: {c.type}" for c in self.schema)
        return f"<kql.Result: {len(self)} rows ({columns})>"


def _paths(given):
    if given is None:
        return []
    if isinstance(given, (str, _os.PathLike)):
        return [_os.fspath(given)]
    return [_os.fspath(p) for p in given]


def _text(value):
    """A value as the text of a query parameter."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(_datetime.timezone.utc).replace(tzinfo=None)
        return value.isoformat() + "Z"
    if isinstance(value, _datetime.timedelta):
        micros = value // _datetime.timedelta(microseconds=1)
        sign, micros = ("-", -micros) if micros < 0 else ("", micros)
        seconds, micros = divmod(micros, 1_000_000)
        days, seconds = divmod(seconds, 86_400)
        return f"{sign}{days}.{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micros:06}"
    return str(value)


def _plain(table):
    """A pyarrow Table whose marked columns are of types that every library knows: guids and JSON are text."""
    import uuid

    import pyarrow

    for i, field in enumerate(table.schema):
        mark = getattr(field.type, "extension_name", None) or (field.metadata or {}).get(b"ARROW:extension:name", b"").decode()
        if not mark:
            continue
        column = table.column(i)
        if isinstance(field.type, pyarrow.BaseExtensionType):
            storage = [c.storage for c in column.chunks]
            column = pyarrow.chunked_array(storage, type=field.type.storage_type)
        if mark == "arrow.uuid":
            texts = [None if v is None else str(uuid.UUID(bytes=v)) for v in column.to_pylist()]
            column = pyarrow.chunked_array([pyarrow.array(texts, type=pyarrow.string())])
        table = table.set_column(i, pyarrow.field(field.name, column.type), column)
    return table


def load_ipython_extension(ipython):
    """``%load_ext kql``"""
    from ._magic import load

    load(ipython)
