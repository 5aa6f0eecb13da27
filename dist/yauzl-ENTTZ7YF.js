import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{require_yauzl}from"./chunk-WSPJOP3C.js";import"./chunk-MNU6J3RP.js";export default require_yauzl();
