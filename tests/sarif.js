// Prints what is wrong with the SARIF log on standard input by the schema of SARIF 2.1.0; nothing if it is valid.
const Ajv = require("ajv");
const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");

const ajv = new Ajv({ schemaId: "auto", allErrors: true, meta: false, unknownFormats: "ignore" });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
ajv._opts.defaultMeta = "http://json-schema.org/draft-04/schema";

const log = JSON.parse(require("fs").readFileSync(0, "utf-8"));
if (!ajv.validate(schema, log)) console.log(ajv.errorsText(null, { separator: "\n" }));
