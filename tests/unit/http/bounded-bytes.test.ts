import { expect, it } from 'vitest';
import { readBounded } from '#lib/server/platform/bounded-bytes.ts';

const tooLarge = () => new Error('too large');

/** A stream of parts that records whether it was canceled. */
function streamOf(sizes: readonly number[]) {
	const state = { isCanceled: false, pulled: 0 };
	const stream = new ReadableStream<Uint8Array>(
		{
			pull(controller) {
				const size = sizes[state.pulled++];
				if (size === undefined) controller.close();
				else controller.enqueue(new Uint8Array(size).fill(state.pulled));
			},
			cancel: () => void (state.isCanceled = true)
		},
		{ highWaterMark: 0 }
	);
	return { stream, state };
}

it('reads all parts in order, up to exactly the limit', async () => {
	const { stream } = streamOf([2, 1, 2]);
	expect([...(await readBounded(stream, 5, tooLarge))]).toEqual([1, 1, 2, 3, 3]);
});

it('reads nothing from an empty stream', async () => {
	expect(await readBounded(streamOf([]).stream, 5, tooLarge)).toHaveLength(0);
});

it('stops and cancels the stream with the part that exceeds the limit', async () => {
	const { stream, state } = streamOf([3, 3, 3]);
	await expect(readBounded(stream, 5, tooLarge)).rejects.toThrow('too large');
	expect(state).toEqual({ isCanceled: true, pulled: 2 });
});
