using System.Buffers;
using System.Globalization;
using System.Text;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Redis.Tests.Resp;

/// <summary>Writes values as a server does, choosing among the forms that mean the same.</summary>
internal static class RespEncoder
{
    public static byte[] Encode(RespValue value, Random random)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, value, random);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, RespValue value, Random random)
    {
        if (random.Next(12) == 0) Text(output, "|1\r\n+ttl\r\n:3600\r\n");
        switch (value.Type)
        {
            case RespType.Null:
                Text(output, random.Next(3) switch { 0 => "$-1\r\n", 1 => "*-1\r\n", _ => "_\r\n" });
                break;
            case RespType.Boolean:
                Text(output, value.AsInteger() == 1 ? "#t\r\n" : "#f\r\n");
                break;
            case RespType.Integer:
                Text(output, $":{value.AsInteger()}\r\n");
                break;
            case RespType.Double:
                Text(output, $",{Double(value.AsDouble())}\r\n");
                break;
            case RespType.Error or RespType.String:
                Bytes(output, value, random);
                break;
            default:
                var (mark, count) = value.Type switch
                {
                    RespType.Array => ('*', value.Items.Length),
                    RespType.Set => ('~', value.Items.Length),
                    RespType.Push => ('>', value.Items.Length),
                    _ => ('%', value.Items.Length / 2),
                };
                Text(output, $"{mark}{count}\r\n");
                foreach (var item in value.Items) Write(output, item, random);
                break;
        }
    }

    private static void Bytes(ArrayBufferWriter<byte> output, RespValue value, Random random)
    {
        var bytes = value.AsBytes().Span;
        var isLine = bytes.IndexOfAny((byte)'\r', (byte)'\n') < 0;
        if (isLine && random.Next(2) == 0)
        {
            Text(output, value.IsError ? "-" : "+");
            output.Write(bytes);
        }
        else if (!value.IsError && random.Next(4) == 0)
        {
            Text(output, $"={bytes.Length + 4}\r\ntxt:");
            output.Write(bytes);
        }
        else
        {
            Text(output, $"{(value.IsError ? '!' : '$')}{bytes.Length}\r\n");
            output.Write(bytes);
        }

        Text(output, "\r\n");
    }

    private static string Double(double number) => number switch
    {
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        double.NaN => "nan",
        _ => number.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void Text(ArrayBufferWriter<byte> output, string text) => output.Write(Encoding.ASCII.GetBytes(text));
}
