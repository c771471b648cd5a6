// SPDX-License-Identifier: GPL-3.0-only

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size for a person, in powers of 1000: `4.9 GB`. */
export const bytesText = (bytes: number): string => {
  let size = bytes;
  for (const unit of units) {
    if (size < 999.5 || unit === 'TB') {
      return `${size < 99.5 && unit !== 'B' ? size.toFixed(1) : Math.round(size)} ${unit}`;
    }
    size /= 1000;
  }
  return `${bytes} B`;
};

/** A time to wait for a person: `40 s`, `3 min`, `2 h 5 min`. */
export const waitText = (seconds: number): string => {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
