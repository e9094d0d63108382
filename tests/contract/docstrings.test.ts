import { describe, expect, it } from 'vitest';
import { undocumentedThrows } from '#tests/support/docstrings.ts';
import { filesIn } from '#tests/support/source-files.ts';

const files = ['src/lib/server', 'src/lib/contract', 'src/lib/console'].flatMap((folder) => filesIn(folder, /\.ts$/));

describe('docstrings', () => {
	it('name the errors of ours that an exported function throws', () => {
		const missing = files.flatMap((file) => undocumentedThrows(file).map((name) => `${file}: ${name}`));
		expect(missing).toEqual([]);
	});
});
