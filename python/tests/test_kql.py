"""The package against pyarrow, pandas, polars and DuckDB: `python -m unittest discover python/tests`, or pytest."""

import datetime as dt
import decimal
import json
import os
import pickle
import signal
import tempfile
import threading
import time
import unittest
import uuid
from pathlib import Path

import kql

try:
    import pyarrow as pa
except ImportError:
    pa = None
try:
    import pandas as pd
except ImportError:
    pd = None
try:
    import polars as pl
except ImportError:
    pl = None
try:
    import duckdb
except ImportError:
    duckdb = None

SAMPLES = Path(__file__).parents[2] / "samples"
EVERY_TYPE = (
    "print d=datetime(2024-01-02 03:04:05.1234567), t=time(1.02:03:04.5), g=guid(74be27de-1e4e-49d9-b579-fe0b331d3642),"
    " y=dynamic({'a':[1,2.5,null]}), i=int(null), s='é', b=true, c=decimal(1.5), r=1.5, l=9, n=dynamic(null)"
)


class Rows(unittest.TestCase):
    def test_values_are_pythons_own(self):
        result = kql.connect().query(EVERY_TYPE)
        self.assertEqual(
            result.to_dicts(),
            [
                {
                    "d": dt.datetime(2024, 1, 2, 3, 4, 5, 123456, dt.timezone.utc),
                    "t": dt.timedelta(days=1, hours=2, minutes=3, seconds=4.5),
                    "g": uuid.UUID("74be27de-1e4e-49d9-b579-fe0b331d3642"),
                    "y": {"a": [1, 2.5, None]},
                    "i": None,
                    "s": "é",
                    "b": True,
                    "c": decimal.Decimal("1.5"),
                    "r": 1.5,
                    "l": 9,
                    "n": None,
                }
            ],
        )
        types = "datetime timespan guid dynamic int string bool decimal real long dynamic".split()
        self.assertEqual([c.type for c in result.schema], types)
        self.assertEqual(len(result), 1)

    def test_times_beyond_nanoseconds_are_values_too(self):
        result = kql.connect().query("print a = datetime(0001-01-01), b = datetime(9999-12-31 23:59:59.9999999)")
        self.assertEqual([v.year for v in list(result)[0]], [1, 9999])
        if pa:
            with self.assertRaisesRegex(kql.KqlError, "beyond what nanoseconds reach"):
                result.to_arrow()

    def test_several_results(self):
        result = kql.connect().query("print a = 1; print b = 2")
        self.assertEqual(result.columns, ["b"])
        self.assertEqual([r.to_dicts() for r in result.results], [[{"a": 1}], [{"b": 2}]])

    def test_no_rows(self):
        result = kql.connect().query("range x from 1 to 0 step 1")
        self.assertEqual((len(result), list(result), result.columns), (0, [], ["x"]))
        if pa:
            self.assertEqual(result.to_arrow().schema, pa.schema([("x", pa.int64())]))


class Faults(unittest.TestCase):
    def test_a_fault_has_its_place(self):
        db = kql.connect({"T": pa.table({"abc": [1]})}) if pa else kql.connect()
        text = "T\n| where abd == 1" if pa else "print a = 1\n| where abd == 1"
        with self.assertRaises(kql.KqlError) as caught:
            db.query(text)
        e = caught.exception
        self.assertEqual((e.code, e.line, e.column), ("KQL0201", 2, 9))
        self.assertIn("`abd`", e.message)
        self.assertIn("^^^", e.text)
        self.assertEqual(str(e), e.text)
        self.assertEqual(pickle.loads(pickle.dumps(e)).line, 2)

    def test_what_is_not_there(self):
        with self.assertRaisesRegex(kql.KqlError, "nowhere"):
            kql.connect("/nowhere/at/all.csv")
        with self.assertRaisesRegex(kql.KqlError, "is no time"):
            kql.connect(now="whenever")
        with self.assertRaisesRegex(TypeError, "stream interface"):
            kql.connect({"T": [1, 2]})

    def test_limits(self):
        with self.assertRaises(kql.KqlError) as caught:
            kql.connect(timeout=0.3).query("range x from 1 to 100000000000 step 1 | summarize count() by x % 9")
        self.assertIn("time limit", caught.exception.message)

    def test_ctrl_c_cancels_and_the_connection_lives_on(self):
        db = kql.connect()
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            db.query("range x from 1 to 100000000000 step 1 | summarize count() by x % 9")
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(list(db.query("print 1")), [(1,)])

    def test_other_threads_run_meanwhile(self):
        db, turns = kql.connect(timeout=60), []
        done = threading.Event()

        def turn():
            while not done.is_set():
                turns.append(1)
                time.sleep(0.001)

        thread = threading.Thread(target=turn)
        thread.start()
        db.query("range x from 1 to 300000 step 1 | summarize count() by x % 9")
        during = len(turns)
        done.set()
        thread.join()
        self.assertGreater(during, 3)


class Session(unittest.TestCase):
    def test_files_functions_and_watchlists(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "T.csv").write_text("TimeGenerated,n\n2024-01-01,1\n2024-01-03,2\n")
            (folder / "functions").mkdir()
            (folder / "functions" / "Twice.kql").write_text("(x:long) { x * 2 }")
            (folder / "lists").mkdir()
            (folder / "lists" / "hosts.csv").write_text("Name\na\nb\n")
            (folder / "list.csv").write_text("x\n7\n")
            db = kql.connect(
                {"T": folder / "T.csv"},
                functions=folder / "functions",
                watchlists=folder / "lists",
                external={"https://lists.example.net/list.csv": folder / "list.csv"},
                now="data",
            )
            self.assertEqual(db.tables, ["T"])
            self.assertEqual([c.name for c in db.table("T")], ["TimeGenerated", "n"])
            self.assertIsNone(db.table("Nothing"))
            self.assertEqual(list(db.query("T | where TimeGenerated > ago(1d) | project Twice(n)")), [(4,)])
            self.assertEqual(list(db.query("_GetWatchlist('hosts') | count")), [(2,)])
            text = "externaldata(x:long)['https://lists.example.net/list.csv'] with (ignoreFirstRecord=true)"
            self.assertEqual(list(db.query(text)), [(7,)])
            self.assertEqual(db.columns("T | summarize avg(n) by bin(TimeGenerated, 1d)")[1], ("avg_n", "real"))

    def test_parameters(self):
        db = kql.connect(params={"a": 1})
        text = "declare query_parameters(a:long, s:string, t:timespan, d:datetime, b:bool = false); print a, s, t, d, b"
        moment = dt.datetime(2024, 1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2)))
        row = list(db.query(text, {"s": "x'y", "t": dt.timedelta(days=1, seconds=1.5), "d": moment, "b": True}))[0]
        utc = moment.astimezone(dt.timezone.utc)
        self.assertEqual(row, (1, "x'y", dt.timedelta(days=1, seconds=1.5), utc, True))

    def test_the_clock(self):
        moment = dt.datetime(2024, 7, 1, tzinfo=dt.timezone.utc)
        self.assertEqual(list(kql.connect(now=moment).query("print now()")), [(moment,)])
        db = kql.connect()
        first = list(db.query("print now()"))
        self.assertNotEqual(first, list(db.query("print now()")))

    def test_the_sample(self):
        db = kql.connect(SAMPLES)
        text = (SAMPLES.parent / "queries" / "network" / "port_scan.kql").read_text()
        self.assertEqual(db.query(text).to_dicts()[0]["SrcIpAddr"], "10.1.1.66")


@unittest.skipUnless(pa, "pyarrow is not there")
class Arrow(unittest.TestCase):
    def test_types(self):
        table = kql.connect().query(EVERY_TYPE).to_arrow()
        self.assertEqual(table.schema.field("d").type, pa.timestamp("ns", "UTC"))
        self.assertEqual(table.column("d").cast(pa.int64()).to_pylist(), [1704164645123456700])
        self.assertEqual(table.schema.field("t").type, pa.duration("ns"))
        self.assertEqual(table.schema.field("c").type, pa.decimal128(38, 18))
        self.assertEqual(table.schema.field("s").type, pa.string())
        json_text = table.column("y").cast(pa.string()).to_pylist()[0]
        self.assertEqual(json.loads(json_text), {"a": [1, 2.5, None]})
        self.assertIsNone(table.column("n").to_pylist()[0])

    def test_a_result_comes_back_as_it_was(self):
        db = kql.connect()
        first = db.query(EVERY_TYPE)
        db.register("A", first.to_arrow())
        db.register("B", first)
        for name in ["A", "B"]:
            again = db.query(name)
            self.assertEqual(again.schema, first.schema, name)
            self.assertEqual(list(again), list(first), name)

    def test_many_rows_stay_in_order(self):
        table = pa.table({"x": range(100_000)})
        db = kql.connect({"T": table})
        self.assertEqual(db.query("T | where x % 2 == 0").to_arrow().column("x").to_pylist(), list(range(0, 100_000, 2)))
        self.assertTrue(db.deregister("T"))
        self.assertFalse(db.deregister("T"))
        with self.assertRaises(kql.KqlError):
            db.query("T")

    def test_types_of_others(self):
        table = pa.table(
            {
                "i": pa.array([1, None], pa.int8()),
                "u": pa.array([1, 2], pa.uint32()),
                "f": pa.array([0.5, None], pa.float32()),
                "d": pa.array([dt.date(2024, 1, 1), None]),
                "t": pa.array([1, None], pa.timestamp("ms")),
                "k": pa.array(["a", "b"]).dictionary_encode(),
                "z": pa.array(["a", None], pa.large_string()),
                "l": pa.array([[1], None], pa.list_(pa.int64())),
                "o": pa.array([{"a": 1}, None]),
            }
        )
        db = kql.connect({"T": table})
        types = "int long real datetime datetime string string dynamic dynamic".split()
        self.assertEqual([c.type for c in db.table("T")], types)
        self.assertEqual(list(db.query("T | project l[0], o.a, z, i"))[0], (1, 1, "a", 1))
        self.assertEqual(list(db.query("T | project l[0], o.a, z, i"))[1], (None, None, "", None))
        twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
        with self.assertRaisesRegex(kql.KqlError, "two columns"):
            db.register("T", twice)


@unittest.skipUnless(pd is not None and pa, "pandas is not there")
class Pandas(unittest.TestCase):
    def test_there_and_back(self):
        frame = pd.DataFrame(
            {
                "host": ["a", "b", None],
                "at": pd.to_datetime(["2024-01-01", "2024-01-02", None]),
                "kind": pd.Categorical(["x", "y", "x"]),
                "took": pd.to_timedelta(["1s", "2s", None]),
            },
            index=[7, 8, 9],
        )
        db = kql.connect({"F": frame})
        self.assertEqual([c.name for c in db.table("F")], ["host", "at", "kind", "took"])
        out = db.query("F | where isnotempty(host) | extend n = strlen(host)").to_pandas()
        self.assertEqual(list(out["host"]), ["a", "b"])
        self.assertEqual(str(out["at"].dtype), "datetime64[ns, UTC]")
        self.assertEqual(out["took"].sum(), pd.Timedelta("3s"))
        every = kql.connect().query(EVERY_TYPE).to_pandas().iloc[0]
        self.assertEqual(every["g"], "74be27de-1e4e-49d9-b579-fe0b331d3642")
        self.assertEqual(json.loads(every["y"])["a"][1], 2.5)


@unittest.skipUnless(pl and pa, "polars is not there")
class Polars(unittest.TestCase):
    def test_there_and_back(self):
        db = kql.connect({"F": pl.DataFrame({"x": [1, 2, 3], "l": [["a"], [], ["b", "c"]]})})
        out = db.query("F | mv-expand l to typeof(string) | summarize n = count() by x | order by x asc").to_polars()
        self.assertEqual(out.rows(), [(1, 1), (3, 2)])
        every = kql.connect().query(EVERY_TYPE).to_polars()
        self.assertEqual(every["d"].dtype, pl.Datetime("ns", "UTC"))
        self.assertEqual(every["g"][0], "74be27de-1e4e-49d9-b579-fe0b331d3642")
        # Polars reads the stream by itself too.
        self.assertEqual(pl.DataFrame(db.query("F | project x"))["x"].to_list(), [1, 2, 3])


@unittest.skipUnless(duckdb and pa, "DuckDB is not there")
class DuckDb(unittest.TestCase):
    def test_it_reads_a_result(self):
        rows = kql.connect().query("range x from 1 to 10 step 1 | extend d = datetime(2024-01-01) + x * 1d").to_arrow()
        found = duckdb.sql("select count(*), max(d)::date from rows").fetchall()
        self.assertEqual((found[0][0], found[0][1].day), (10, 11))


class Pictures(unittest.TestCase):
    QUERY = "datatable(k:string, n:long)['a',1,'b',2] | render barchart with (title='A & B')"

    def test_charts(self):
        result = kql.connect().query(self.QUERY)
        self.assertEqual(result.render, ("barchart", [("title", "A & B")]))
        self.assertTrue(result.svg().startswith("<svg "))
        self.assertIn("<svg ", result._repr_html_())
        self.assertTrue(result.png().startswith(b"\x89PNG"))
        plain = kql.connect().query("print a = '<b>', n = long(null)")
        self.assertIn("&lt;b&gt;", plain._repr_html_())
        self.assertIn("null", plain._repr_html_())
        with self.assertRaisesRegex(kql.KqlError, "requires `render`"):
            plain.svg()


if __name__ == "__main__":
    unittest.main()
