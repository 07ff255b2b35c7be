/** The page's entry: finds its place and its host, and starts. */
import { vsCodePort } from './port';
import { Timeline } from './timeline';

const root = document.getElementById('timeline');
if (root) new Timeline(root, vsCodePort()).start();
