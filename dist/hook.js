import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{createImportHook}from"./chunk-RKKXLEPS.js";import"./chunk-MJP3YMLG.js";import"./chunk-Z53BJZN6.js";import"./chunk-DHD5HONG.js";import"./chunk-5TK5UP5J.js";import"./chunk-BNP5UXPQ.js";import"./chunk-OAAATYZJ.js";import"./chunk-MNU6J3RP.js";export{createImportHook};
