import assert from 'node:assert/strict';
import { escapeXml, SvgSurface } from '../../../src/webview/app/svgSurface';

const draw = (work: (surface: SvgSurface) => void): string => {
  const surface = new SvgSurface(100, 50, 'Some "Font"', text => text.length * 6);
  work(surface);
  return surface.toString();
};

describe('picture as text', () => {
  it('escapes what a program may call its threads', () => {
    assert.equal(escapeXml('<a & "b">'), '&lt;a &amp; &quot;b&quot;&gt;');
    assert.equal(escapeXml('a\u0000b\u001bc\td'), 'abc\td');
    const svg = draw(surface => surface.text(1, 2, '<script>alert(1)</script>', '#fff'));
    assert.ok(!svg.includes('<script>'));
  });

  it('names each pattern of stripes once', () => {
    const svg = draw(surface => {
      surface.hatch(0, 0, 10, 10, 'red');
      surface.hatch(20, 0, 10, 10, 'red');
      surface.hatch(40, 0, 10, 10, 'blue');
    });
    assert.equal(svg.match(/<pattern /g)?.length, 2);
    assert.equal(svg.match(/url\(#hatch0\)/g)?.length, 2);
  });

  it('opens and closes what it clips', () => {
    const svg = draw(surface =>
      surface.clip(0, 0, 50, 50, () => surface.fill(1, 1, 5, 5, 'red', 0.5)),
    );
    assert.match(
      svg,
      /<clipPath id="clip0">[\s\S]*<\/clipPath><g clip-path="url\(#clip0\)">[\s\S]*opacity="0.5"[\s\S]*<\/g>/,
    );
  });
});
