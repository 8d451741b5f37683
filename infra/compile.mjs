// Compiles a folder as Lambda's Python would: `node infra/compile.mjs FOLDER`.
//
// Bytecode is for one version of Python, and whoever builds the archive may have another. So it is
// made by the Python that the npm package pyodide brings, which the lock file pins: the same
// everywhere, whatever is installed. Each file is marked to be taken unchecked (PEP 552); a Python
// that does not know this bytecode compiles the source beside it.

import { loadPyodide } from "pyodide";

const folder = process.argv[2];
const python = await loadPyodide();
python.mountNodeFS("/task", folder);
const compiled = python.runPython(`
from compileall import compile_dir
from py_compile import PycInvalidationMode

compile_dir("/task", quiet=1, stripdir="/task", invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
`);
process.exit(compiled ? 0 : 1);
