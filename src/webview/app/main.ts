/** The page's entry: finds its place and its host, and starts. */
import { parseTranslations, wordsIn } from '../pageWords';
import { vsCodePort } from './port';
import { Timeline } from './timeline';

const root = document.getElementById('timeline');
if (root) {
  const words = wordsIn(parseTranslations(root.dataset['words']));
  new Timeline(root, vsCodePort(), words).start();
}
