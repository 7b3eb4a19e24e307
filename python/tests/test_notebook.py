"""The example notebook runs from top to bottom, and `%%kql` shows, draws and says what is wrong."""

import unittest
from pathlib import Path

try:
    import nbclient
    import nbformat
    import pandas
    import polars
except ImportError as missing:
    nbclient = None
    MISSING = f"{missing.name} is not there"
else:
    MISSING = ""

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(notebook):
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}}
    )
    return client.execute()


def outputs(notebook):
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


@unittest.skipUnless(nbclient, MISSING)
class Notebook(unittest.TestCase):
    def test_the_example_runs(self):
        done = run(nbformat.read(EXAMPLES / "tour.ipynb", as_version=4))
        pages = [o["data"]["text/html"] for cell in outputs(done) for o in cell if "text/html" in o.get("data", {})]
        self.assertTrue(any("50126" in p for p in pages))
        drawn = [p for p in pages if "<svg " in p]
        self.assertEqual(len(drawn), 1)
        self.assertIn("Sign-ins an hour", drawn[0])
        self.assertIn("names are case-sensitive", outputs(done)[-1][0]["text"])
        said = [o for cell in outputs(done) for o in cell if o.get("name") == "stderr"]
        self.assertEqual(said, [])

    def test_the_magic(self):
        new, code = nbformat.v4.new_notebook(), nbformat.v4.new_code_cell
        new.cells = [
            code("%load_ext kql"),
            code("%kql print a = 1"),
            code("%%kql\nprint strlne('a')"),
            code("%kql --data ../../samples"),
            code("%%kql rows <<\nSigninLogs\n\n// a blank line is a part of it\n| count"),
            code("print(rows.to_dicts())"),
            code("%kql --wrong 1"),
            code("%%kql rows\nprint 1"),
        ]
        out = outputs(run(new))
        self.assertIn("<td", out[1][0]["data"]["text/html"])
        self.assertIn("`strlen`", out[2][0]["text"])
        self.assertIn("3 tables", out[3][0]["data"]["text/plain"])
        self.assertIn("{'Count': 33}", out[5][0]["text"])
        self.assertIn("`--wrong` is not known", out[6][0]["text"])
        self.assertIn("NAME <<", out[7][0]["text"])


if __name__ == "__main__":
    unittest.main()
