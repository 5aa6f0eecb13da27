import { displayWidth } from '../report/text.ts';

/** Stands in the bundles for the package of this name, with which yargs and cliui lay out help. */
export default displayWidth;
