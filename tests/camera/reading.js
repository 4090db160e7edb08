"use strict";
// The reader of the book, without a page: loads the scripts that know no document into one scope.

const fs = require("fs");
const path = require("path");

const BOOK = path.join(__dirname, "../../host_tools/blinkcode_host/book");
const SCRIPTS = ["spelling.js", "eyes.js", "spots.js", "rhythm.js", "cycles.js", "verdict.js", "answers.js"];
const source = SCRIPTS.map((name) => fs.readFileSync(path.join(BOOK, name), "utf8").replace('"use strict";', "")).join("\n");

module.exports = new Function(`"use strict";\n${source}\nreturn { Eyes, Answers, verdict, flashesOf, cyclesOf, filmedNumbers };`)();
