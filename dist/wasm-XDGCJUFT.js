import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{wasmFiles}from"./chunk-RNQDE73W.js";import"./chunk-MNU6J3RP.js";export{wasmFiles};
