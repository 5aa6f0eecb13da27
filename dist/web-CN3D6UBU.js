import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{createTarDecoder,createTarPacker,packTar,unpackTar}from"./chunk-XTZJB6F2.js";import"./chunk-MNU6J3RP.js";export{createTarDecoder,createTarPacker,packTar,unpackTar};
