# What a board's manifest includes: the runtime joined with the board's table, as `blinkcode firmware BOARD`
# prepares it. Options: board, the board's name; prepared, the package's folder where it is not the usual one.
import os

folder = os.path.abspath(options.prepared or "../build/boards/" + options.board)
if not os.path.isfile(os.path.join(folder, "blinkcode", "__init__.py")):
    raise ValueError(
        "%s holds no blinkcode package; make it with: blinkcode firmware %s --micropython DIR"
        % (folder, options.board)
    )
package("blinkcode", base_path=folder, opt=3)
