import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
var SourceFile=class{path;text;#lineStarts;constructor(path,text){this.path=path,this.text=text}get lineStarts(){if(this.#lineStarts===void 0){let starts=[0];for(let at=this.text.indexOf(`
`);at!==-1;at=this.text.indexOf(`
`,at+1))starts.push(at+1);this.#lineStarts=starts}return this.#lineStarts}get eol(){let first=this.text.indexOf(`
`);return first>0&&this.text[first-1]==="\r"?`\r
`:`
`}positionAt(offset){let clamped=Math.max(0,Math.min(offset,this.text.length)),starts=this.lineStarts,low=0,high=starts.length-1;for(;low<high;){let middle=low+high+1>>1;starts[middle]<=clamped?low=middle:high=middle-1}let bom=low===0&&this.text.charCodeAt(0)===65279&&clamped>0?1:0;return{line:low+1,column:clamped-starts[low]+1-bom,offset:clamped}}offsetOfLine(line){return this.lineStarts[line-1]??this.text.length}lineText(line){return this.text.slice(this.offsetOfLine(line),this.offsetOfLine(line+1)).replace(/\r?\n$/,"")}};function textOf(span){return span.file.text.slice(span.start,span.end)}export{SourceFile,textOf};
