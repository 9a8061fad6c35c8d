/** A line over its limit; the dashed line is the limit. With fewer than two values there is nothing to draw. */
export function Sparkline({ values, limit, label }: { values: readonly number[]; limit: number; label: string }) {
  const width = 200;
  const height = 60;
  const top = Math.max(limit, ...values, Number.EPSILON) * 1.1;
  const x = (index: number) => (index / Math.max(1, values.length - 1)) * width;
  const y = (value: number) => height - (value / top) * height;
  const line = values
    .map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="block h-16 w-full overflow-visible"
      fill="none"
    >
      <line
        x1="0"
        x2={width}
        y1={y(limit)}
        y2={y(limit)}
        className="stroke-edge"
        strokeDasharray="3 3"
        vectorEffect="non-scaling-stroke"
      />
      <line x1="0" x2={width} y1={height} y2={height} className="stroke-line" vectorEffect="non-scaling-stroke" />
      {values.length > 1 && (
        <>
          <path d={`${line}L${width} ${height}L0 ${height}Z`} className="fill-brand-soft" />
          <path
            d={line}
            className="stroke-brand"
            strokeWidth="1.75"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  );
}
