import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{loadParser}from"./chunk-T6LEZOSI.js";import"./chunk-5BSFL4UV.js";import"./chunk-TRZHDKEW.js";import"./chunk-MNU6J3RP.js";export{loadParser};
