// Prints what is wrong, by the schema named, with each of the JSON texts in the array on standard input: one line each.
// The validator that is here knows draft 7. A schema of 2020-12 is held to the words that mean the same in both.
const Ajv = require("ajv");
const schema = JSON.parse(require("fs").readFileSync(process.argv[2], "utf-8"));

const SAME = ["type", "const", "required", "properties", "additionalProperties", "propertyNames", "maxProperties", "not",
  "items", "maxItems", "anyOf", "pattern", "maxLength", "minimum", "maximum", "title", "description", "$ref", "$defs"];
function look(part) {
  for (const [word, value] of Object.entries(part)) {
    if (!SAME.includes(word)) throw new Error("not the same in draft 7: " + word);
    if (["properties", "$defs"].includes(word)) Object.values(value).forEach(look);
    else if (word === "anyOf") value.forEach(look);
    else if (value && typeof value === "object" && !Array.isArray(value)) look(value);
  }
  if (part.$ref && Object.keys(part).length > 1) throw new Error("draft 7 reads nothing beside $ref");
}
if (schema.$schema !== "https://json-schema.org/draft/2020-12/schema") throw new Error("must be 2020-12");
delete schema.$schema;
look(schema);

const valid = new Ajv({ allErrors: true }).compile(schema);
for (const text of JSON.parse(require("fs").readFileSync(0, "utf-8"))) {
  console.log(valid(JSON.parse(text)) ? "" : valid.errors.map((e) => e.dataPath + " " + e.message).join("; "));
}
