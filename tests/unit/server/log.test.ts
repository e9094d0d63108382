import { expect, it, vi } from 'vitest';
import { createLog } from '#lib/server/platform/log.ts';

function getLine(error: unknown): Record<string, unknown> {
	const lines: string[] = [];
	const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
	createLog().error({ error }, 'That failed');
	write.mockRestore();
	return JSON.parse(lines.join('')) as Record<string, unknown>;
}

it('logs what failed and where, and nothing else from the error', () => {
	const cause = new TypeError('beneath');
	const error = Object.assign(new Error('above', { cause }), { code: '23505', detail: 'Key (email)=(a@example.test)' });
	const line = getLine(error);
	expect(line).toMatchObject({
		level: 50,
		msg: 'That failed',
		error: { type: 'Error', message: 'above: beneath', code: '23505' }
	});
	expect(JSON.stringify(line)).toContain('log.test.ts');
	expect(JSON.stringify(line)).toContain('caused by: TypeError: beneath');
	expect(JSON.stringify(line)).not.toContain('example.test');
});

it('logs an error given as text unchanged', () => {
	expect(getLine('no connection')).toMatchObject({ error: 'no connection' });
});
