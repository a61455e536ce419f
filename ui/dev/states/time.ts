// Moments that the states are reckoned from, in seconds.

export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const now = Math.floor(Date.now() / 1000);
