using System.Globalization;
using System.Text;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Roles.Tests;

public sealed class RequestSignatureTests
{
    private const string Secret = "a-secret-of-some-length";
    private const string Id = "01990000000070008000000000000001";
    private static readonly DateTimeOffset Now = new(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"batch_id":"1"}""");

    [Fact]
    public void A_signed_request_is_accepted() => Assert.True(Verify(Sign()));

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void Clocks_may_differ_by_five_minutes(int seconds, bool accepted) => Assert.Equal(accepted, Verify(Sign(), now: Now.AddSeconds(seconds)));

    [Fact]
    public void Every_single_flipped_bit_is_noticed()
    {
        var signature = Sign();
        for (var bit = 0; bit < Body.Length * 8; bit++)
        {
            var tampered = Body.ToArray();
            tampered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Verify(signature, body: tampered));
        }

        for (var i = 0; i < signature.Length; i++)
        {
            var tampered = signature.ToCharArray();
            tampered[i] = tampered[i] == 'A' ? 'B' : 'A';
            Assert.False(Verify(new string(tampered)));
        }
    }

    [Fact]
    public void Id_timestamp_and_secret_are_part_of_what_is_signed()
    {
        Assert.False(Verify(Sign(), id: Id + "2"));
        Assert.False(Verify(Sign(), timestamp: Unix(Now.AddSeconds(1))));
        Assert.False(Verify(Sign("another-secret-of-length")));
    }

    [Fact]
    public void While_a_secret_is_changed_either_of_two_signatures_will_do()
    {
        Assert.True(Verify(Sign("the-next-secret-to-come") + " " + Sign()));
        Assert.True(Verify(Sign() + "  " + Sign("the-next-secret-to-come")));
        Assert.False(Verify(Sign("the-next-secret-to-come") + " " + Sign("yet-another-secret-here")));
    }

    [Theory]
    [InlineData(null, "1777716000", "v1,x")]
    [InlineData("", "1777716000", "v1,x")]
    [InlineData(Id, null, "v1,x")]
    [InlineData(Id, "", "v1,x")]
    [InlineData(Id, "-1", "v1,x")]
    [InlineData(Id, "1.5", "v1,x")]
    [InlineData(Id, "99999999999999999999", "v1,x")]
    [InlineData(Id, "9223372036854775807", "v1,x")]
    [InlineData(Id, "1777716000", null)]
    [InlineData(Id, "1777716000", "")]
    [InlineData(Id, "1777716000", " ")]
    [InlineData(Id, "1777716000", "v1,")]
    [InlineData(Id, "1777716000", "v1,ñ")]
    public void Missing_and_malformed_headers_are_refused(string? id, string? timestamp, string? signature) =>
        Assert.False(RequestSignature.Verify(Secret, id, timestamp, signature, Body, Now));

    [Fact]
    public void The_format_is_that_of_Standard_Webhooks()
    {
        // HMAC-SHA256 of "id.1.{}" under "key", computed with openssl.
        Assert.Equal("v1,5PVmP2AfJGwnp9flV+flrzfukNWA9zyUdqvI+IQalVs=", RequestSignature.Sign("key", "id", 1, "{}"u8));
    }

    private static string Sign(string secret = Secret) => RequestSignature.Sign(secret, Id, Now.ToUnixTimeSeconds(), Body);

    private static bool Verify(string signature, string id = Id, string? timestamp = null, byte[]? body = null, DateTimeOffset? now = null) =>
        RequestSignature.Verify(Secret, id, timestamp ?? Unix(Now), signature, body ?? Body, now ?? Now);

    private static string Unix(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
