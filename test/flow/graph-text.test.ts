// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { graphText } from '../../src/flow/graph-text.ts';
import { odd } from './with-compile.ts';

test('a flow as a picture', (t) => {
  const when = {
    ...odd,
    nodes: odd.nodes.map((one) => ({ ...one, ...(one.id === '1st' && { when: 'a.b.x == "#1"' }) })),
  };
  t.is(
    graphText(when),
    [
      'flowchart LR',
      '  spec(["spec"])',
      '  n0["a.b<br/>x"]',
      '  n1["a-b<br/>x"]',
      '  n2["1st<br/>x"]',
      '  n3["report<br/>x"]',
      '  spec --> n0',
      '  n0 --> n1',
      '  n0 -->|"a.b.x == #quot;#35;1#quot;"| n2',
      '  n1 --> n3',
      '  n2 --> n3',
      '  n3 --> pr(["pull request"])',
      '',
    ].join('\n'),
  );
});
