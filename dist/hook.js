import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{createImportHook}from"./chunk-5IGOE2NE.js";import"./chunk-MJP3YMLG.js";import"./chunk-WTD7AIJ2.js";import"./chunk-TFPFHBZI.js";import"./chunk-37V36DKJ.js";import"./chunk-MNU6J3RP.js";export{createImportHook};
