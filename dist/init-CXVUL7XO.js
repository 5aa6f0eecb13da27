import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{CONFIG_NAMES}from"./chunk-BE2DQR44.js";import{EXIT,UsageError}from"./chunk-ZXLABMHY.js";import"./chunk-CGSMOYFN.js";import"./chunk-M4ULAZMQ.js";import{VERSION}from"./chunk-Z53BJZN6.js";import"./chunk-MNU6J3RP.js";import{existsSync,writeFileSync}from"node:fs";import{resolve}from"node:path";var CONTENT=`# yaml-language-server: $schema=https://raw.githubusercontent.com/tasks-lint/tasks-lint/v${VERSION}/schema/config.json

# recommended, migration (only what stands between a template and the target), strict (warnings fail
# too), or the path of another configuration.
extends: recommended

# Coder releases that the templates are for, as a semver range.
coderVersion: ">=2.28 <2.37"

# Level by rule: "off", info, warning or error. "tasks-lint rules" lists the rules.
# rules:
#   task/sidebar-app-deprecated: error

# The same for some files only.
# overrides:
#   - files: ["sandbox/**"]
#     rules:
#       preset/default: "off"

# Templates that are left out.
# ignore: ["attic/**"]

# Catalogues of private module registries, from "tasks-lint catalog".
# catalogs: [modules.json]

# maxWarnings: 0
`;async function runInit({cwd,stderr}){let existing=CONFIG_NAMES.find(name=>existsSync(resolve(cwd,name)));if(existing!==void 0)throw new UsageError(`${existing} is there already; nothing was written`);return writeFileSync(resolve(cwd,".tasks-lint.yaml"),CONTENT,{flag:"wx"}),stderr.write(`tasks-lint: wrote .tasks-lint.yaml
`),EXIT.ok}export{runInit};
