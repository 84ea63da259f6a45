using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task The_twentieth_message_closes_the_window_at_once()
    {
        for (var i = 1; i <= 19; i++) await Append($"m{i}");
        await NothingIsDue();
        await Append("m20");
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(20, batch.MessageCount);
        Assert.Equal(CloseReason.MaxMessages, batch.CloseReason);
        Assert.Equal(Time.GetUtcNow(), batch.SealedAt);
    }

    [Fact]
    public async Task The_tenth_photo_closes_the_window_at_once()
    {
        for (var i = 1; i <= 10; i++) await Append(Photo($"m{i}"));
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(10, batch.PhotoCount);
        Assert.Equal(CloseReason.MaxPhotos, batch.CloseReason);
    }

    [Fact]
    public async Task Bytes_at_the_cap_close_the_window_at_once()
    {
        await Append(Text("m1", Options.MaxBytes - 5));
        await NothingIsDue();
        await Append(Text("m2", 5));
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(Options.MaxBytes, batch.ByteCount);
        Assert.Equal(CloseReason.MaxBytes, batch.CloseReason);
    }

    [Fact]
    public async Task What_does_not_fit_opens_the_next_window_and_closes_the_full_one()
    {
        var first = await Append(Text("m1", Options.MaxBytes - 5));
        var second = await Append(Text("m2", 6));
        Assert.NotEqual(first.BatchId, second.BatchId);
        var claimed = await ClaimOne();
        Assert.Equal(first.BatchId, claimed.Batch.Id);
        Assert.Equal("m1", Ids(claimed.Batch));
        Assert.Equal(CloseReason.MaxBytes, claimed.Batch.CloseReason);
        await Store.CompleteAsync(claimed.Lease, Cancellation);
        Wait(12.5);
        Assert.Equal("m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task A_message_with_more_photos_than_fit_opens_the_next_window()
    {
        await Append(Photo("m1", photos: 8));
        await Append(Photo("m2", photos: 3));
        var claimed = await ClaimOne();
        Assert.Equal("m1", Ids(claimed.Batch));
        Assert.Equal(CloseReason.MaxPhotos, claimed.Batch.CloseReason);
    }

    [Fact]
    public async Task A_text_still_joins_a_window_that_is_short_of_photos()
    {
        await Append(Photo("m1", photos: 9));
        await Append("m2");
        Wait(12.5);
        Assert.Equal("m1 m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task Twelve_photos_of_one_album_are_one_batch()
    {
        for (var i = 1; i <= 12; i++) await Append(Photo($"m{i}", "album", i));
        await NothingIsDue();
        Wait(1);
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(12, batch.PhotoCount);
        Assert.Equal(CloseReason.MaxPhotos, batch.CloseReason);
    }

    [Fact]
    public async Task A_full_window_takes_late_members_of_its_album_but_nothing_else()
    {
        for (var i = 1; i <= 10; i++) await Append(Photo($"m{i}", "album", i));
        Wait(0.5);
        await Append(Photo("m11", "album", 11));
        await Append("text");
        var claimed = await ClaimOne();
        Assert.Equal(11, claimed.Batch.PhotoCount);
        Assert.Equal(CloseReason.MaxPhotos, claimed.Batch.CloseReason);
        await Store.CompleteAsync(claimed.Lease, Cancellation);
        Wait(12.5);
        Assert.Equal("text", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task An_album_is_cut_at_the_soft_cap_of_photos()
    {
        for (var i = 1; i <= 18; i++) await Append(Photo($"m{i}", "album", i));
        var claimed = await ClaimOne();
        Assert.Equal(Options.SoftMaxPhotos, claimed.Batch.PhotoCount);
        await Store.CompleteAsync(claimed.Lease, Cancellation);
        Wait(12.5);
        Assert.Equal("m17 m18", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task A_group_is_cut_at_the_soft_cap_of_messages()
    {
        for (var i = 1; i <= 31; i++) await Append(Text($"m{i}") with { Group = "group", GroupOrder = i });
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(Options.SoftMaxMessages, batch.MessageCount);
        Assert.Equal(CloseReason.MaxMessages, batch.CloseReason);
    }

    [Fact]
    public async Task Another_album_does_not_join_a_full_window()
    {
        for (var i = 1; i <= 10; i++) await Append(Photo($"m{i}", "one", i));
        await Append(Photo("m11", "two", 11));
        Assert.Equal(10, (await ClaimOne()).Batch.PhotoCount);
    }

    [Fact]
    public async Task Album_members_are_in_the_order_of_the_album_whatever_order_they_arrived_in()
    {
        await Append("before");
        await Append(Photo("m3", "album", 3));
        await Append(Photo("m1", "album", 1));
        await Append("between");
        await Append(Photo("m2", "album", 2));
        await Append("after");
        Wait(12.5);
        var batch = (await ClaimOne()).Batch;
        Assert.Equal("before m1 m2 between m3 after", Ids(batch));
        Assert.Equal(Ids(batch), Ids(await Find(batch.Id)));
    }
}
