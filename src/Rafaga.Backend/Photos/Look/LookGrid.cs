using System.Numerics;

namespace Rafaga.Backend.Photos.Look;

/// <summary>
/// How a picture looks, in 64 bits: its brightness in nine columns and eight rows, and for each cell whether it is brighter than the next one.
/// Another size, quality or encoding of the same picture gives nearly the same bits.
/// </summary>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
internal sealed class LookGrid(int width, int height)
{
    public const int Columns = 9;
    public const int Rows = 8;

    // In levels of brightness, of 255. A picture with few clear steps (a page, a wall, the night) looks like too many others.
    private const double ClearStep = 2;
    private const int FewestClearSteps = 24;

    private const int Block = 8;

    private readonly double[] _sums = new double[Columns * Rows];
    private readonly double[] _areas = new double[Columns * Rows];

    /// <summary>Whether no cell is smaller than a block.</summary>
    public bool IsFine => width >= Block * Columns && height >= Block * Rows;

    /// <summary>How many bits of two looks differ.</summary>
    public static int Distance(ulong one, ulong other) => BitOperations.PopCount(one ^ other);

    /// <summary>Takes one block of 8 by 8 pixels; it counts in each cell for the part that lies in it.</summary>
    /// <param name="x">Its column, of all blocks.</param>
    /// <param name="y">Its row.</param>
    /// <param name="brightness">Eight times its mean.</param>
    public void Add(int x, int y, long brightness)
    {
        var across = Share.Of(x * Block, width, Columns);
        var down = Share.Of(y * Block, height, Rows);
        Add(across.Cell, down.Cell, across.First * down.First, brightness);
        Add(across.Cell + 1, down.Cell, across.Second * down.First, brightness);
        Add(across.Cell, down.Cell + 1, across.First * down.Second, brightness);
        Add(across.Cell + 1, down.Cell + 1, across.Second * down.Second, brightness);
    }

    /// <summary>The bits; null when the picture is too plain to be told from others.</summary>
    public ulong? ToBits()
    {
        ulong bits = 0;
        var clear = 0;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns - 1; column++)
            {
                var step = Mean((row * Columns) + column + 1) - Mean((row * Columns) + column);
                if (Math.Abs(step) >= ClearStep) clear++;
                bits = (bits << 1) | (step > 0 ? 1UL : 0UL);
            }
        }

        return clear >= FewestClearSteps ? bits : null;
    }

    private void Add(int column, int row, double area, long brightness)
    {
        // Blocks beyond the edge only fill up the last unit of the encoding: no area of theirs is in the picture.
        if (area <= 0) return;
        var cell = (row * Columns) + column;
        _sums[cell] += area * brightness;
        _areas[cell] += area;
    }

    private double Mean(int cell) => _areas[cell] <= 0 ? 0 : _sums[cell] / Block / _areas[cell];

    /// <summary>How many pixels of a block, along one side, lie in a cell and in the next one.</summary>
    private readonly record struct Share(int Cell, double First, double Second)
    {
        public static Share Of(int start, int pixels, int cells)
        {
            var end = Math.Min(start + Block, pixels);
            if (end <= start) return default;
            var cell = (int)((long)start * cells / pixels);
            var border = Math.Min(end, (cell + 1) * (double)pixels / cells);
            return new Share(cell, border - start, cell + 1 < cells ? end - border : 0);
        }
    }
}
