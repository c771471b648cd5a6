// SPDX-License-Identifier: GPL-3.0-only
import { writeTinyModel } from './tiny-model.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node test/tiny-model/write.ts DIR');
  process.exitCode = 2;
} else {
  console.log(writeTinyModel(folder).gguf);
}
